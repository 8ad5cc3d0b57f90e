import type { Key } from '../i18n/en';
import type { Role } from './session.svelte';

/** A page of the shell, who may see it, and the letter that leads to it after `g`. */
export interface Page {
  path: string;
  name: Key;
  key: string;
  keyHelp: Key;
  roles: readonly Role[];
}

export const pages: readonly Page[] = [
  { path: '/wallboard', name: 'nav.wallboard', key: 'w', keyHelp: 'keys.wallboard', roles: ['owner', 'admin', 'supervisor', 'wallboard'] },
  { path: '/floor', name: 'nav.floor', key: 'f', keyHelp: 'keys.floor', roles: ['owner', 'admin', 'supervisor'] },
  { path: '/agent', name: 'nav.agent', key: 'd', keyHelp: 'keys.agent', roles: ['agent'] },
];

/** The pages that a role may see. */
export function pagesOf(role: Role | undefined): readonly Page[] {
  return role ? pages.filter((page) => page.roles.includes(role)) : [];
}
