import type { Key } from '../i18n/en';
import type { Role } from './session.svelte';

/** A page of the shell, who may see it, and the letter that leads to it after `g`. */
export interface Page {
  path: string;
  /** Its file in src/pages, without the ending; a page without a file is not there. */
  file: string;
  name: Key;
  /** The heading of the navigation under which it stands; none for the first ones. */
  group?: Key;
  key: string;
  roles: readonly Role[];
  /** Whether paths below it are its own: /history/c9. */
  below?: boolean;
  /** Whether it is about a range and filters, which then go along from page to page. */
  report?: boolean;
}

const staff: readonly Role[] = ['owner', 'admin', 'supervisor'];
const heads: readonly Role[] = ['owner', 'admin'];

/** Every page, in the order of the navigation. */
export const every: readonly Page[] = [
  { path: '/overview', file: 'Overview', name: 'nav.overview', key: 'o', roles: staff, report: true },
  { path: '/floor', file: 'Floor', name: 'nav.floor', key: 'f', roles: staff },
  { path: '/wallboard', file: 'Wallboard', name: 'nav.wallboard', key: 'w', roles: [...staff, 'wallboard'], below: true },
  { path: '/operation/chats', file: 'ChatVolume', name: 'nav.chats', group: 'nav.operation', key: 'c', roles: staff, report: true },
  { path: '/operation/service', file: 'Service', name: 'nav.service', group: 'nav.operation', key: 's', roles: staff, report: true },
  { path: '/operation/conversion', file: 'Conversion', name: 'nav.conversion', group: 'nav.operation', key: 'v', roles: staff, report: true },
  { path: '/operation/customers', file: 'Customers', name: 'nav.customers', group: 'nav.operation', key: 'u', roles: staff, report: true },
  { path: '/operation/definitions', file: 'Definitions', name: 'nav.definitions', group: 'nav.operation', key: 'x', roles: staff, report: true },
  { path: '/agents/performance', file: 'Performance', name: 'nav.performance', group: 'nav.agents', key: 'p', roles: staff, report: true },
  { path: '/agents/team', file: 'Team', name: 'nav.team', group: 'nav.agents', key: 'm', roles: staff },
  { path: '/history', file: 'History', name: 'nav.history', group: 'nav.conversations', key: 'h', roles: staff, report: true, below: true },
  { path: '/insights/risks', file: 'Risks', name: 'nav.risks', group: 'nav.insights', key: 'r', roles: staff, report: true },
  { path: '/insights/reviews', file: 'Reviews', name: 'nav.reviews', group: 'nav.insights', key: 'n', roles: staff, report: true },
  { path: '/ai', file: 'Ai', name: 'nav.ai', group: 'nav.insights', key: 'a', roles: staff, report: true },
  { path: '/inbox', file: 'InboxAnalytics', name: 'nav.inbox', group: 'nav.insights', key: 'i', roles: heads, report: true },
  { path: '/rules', file: 'Rules', name: 'nav.rules', group: 'nav.desk', key: 'l', roles: staff, below: true },
  { path: '/settings', file: 'Settings', name: 'nav.settings', group: 'nav.desk', key: 'e', roles: staff, below: true },
  { path: '/agent', file: 'Agent', name: 'nav.agent', key: 'd', roles: ['agent'] },
  { path: '/mine', file: 'Mine', name: 'nav.mine', key: 'y', roles: ['agent'], report: true, below: true },
];
