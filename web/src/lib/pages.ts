import type { Component } from 'svelte';
import { every, type Page } from './pagelist';
import type { Role } from './session.svelte';

export type { Page };

type Module = { default: Component };
const files = import.meta.glob<Module>('../pages/*.svelte');

/** Every page that is there, in the order of the navigation. */
export const pages: readonly Page[] = every.filter((page) => fileOf(page) in files);

function fileOf(page: Page): string {
  return `../pages/${page.file}.svelte`;
}

/** Loads a page when somebody goes there; the wallboard must not wait for the reports. */
export async function loadPage(page: Page): Promise<Module> {
  const load = files[fileOf(page)];
  if (!load) throw new Error(`there is no file for ${page.path}`);
  try {
    return await load();
  } catch (reason) {
    comeBack();
    throw reason;
  }
}

/**
 * A page that could not be loaded is loaded anew once the server answers, unless
 * somebody has left it: a television has nobody who would press a button, and
 * after an upgrade the files have other names.
 */
function comeBack(): void {
  const { pathname } = location;
  const timer = setInterval(() => {
    if (location.pathname !== pathname) clearInterval(timer);
    else void fetch('/healthz').then(({ ok }) => ok && location.reload(), () => undefined);
  }, 5_000);
}

/** The pages that a role may see. */
export function pagesOf(role: Role | undefined): readonly Page[] {
  return role ? pages.filter((page) => page.roles.includes(role)) : [];
}

/** The page at a path. */
export function pageAt(path: string): Page | undefined {
  return pages.find((page) => page.path === path || (page.below === true && path.startsWith(`${page.path}/`)));
}
