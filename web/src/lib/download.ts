import { session } from './session.svelte';

/** Gives the visitor a file. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser takes the file from the address after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Fetches one of the server's files and gives it to the visitor. Throws as `session.get` does. */
export async function download(path: string, name: string): Promise<void> {
  save(await session.file(path), name);
}
