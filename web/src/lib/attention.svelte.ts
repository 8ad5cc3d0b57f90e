/** Whether the visitor wants to be told while another window is in front; it holds on this machine. */
const key = 'floorlight.notify';

function stored(): boolean {
  try {
    return localStorage.getItem(key) === '1';
  } catch {
    return false;
  }
}

/**
 * The browser's own notices, for who looks elsewhere: something was held back, a
 * customer has come, a limit is passed. Never what a customer has written: other
 * people see the screen too.
 */
class Attention {
  readonly supported = 'Notification' in globalThis;
  /** What the browser lets this page do. */
  permission = $state<NotificationPermission>(this.supported ? Notification.permission : 'denied');
  private wanted = $state(stored());
  readonly on: boolean = $derived(this.wanted && this.permission === 'granted');

  /** Switches it on or off; only who presses the button is asked for permission. */
  async toggle(): Promise<void> {
    if (!this.supported) return;
    const next = !this.on;
    if (next && this.permission === 'default') this.permission = await Notification.requestPermission();
    this.wanted = next && this.permission === 'granted';
    try {
      if (this.wanted) localStorage.setItem(key, '1');
      else localStorage.removeItem(key);
    } catch {
      // Without storage it holds for this page.
    }
  }

  /** Tells it, if nobody looks; what has the same tag takes the place of the one before. */
  tell(tag: string, title: string, body = ''): void {
    if (!this.on || !document.hidden) return;
    try {
      const notice = new Notification(title, { body, tag, lang: document.documentElement.lang, icon: '/favicon.svg' });
      notice.onclick = () => {
        focus();
        notice.close();
      };
    } catch {
      // Telephones have them only by way of a service worker.
    }
  }
}

export const attention = new Attention();

/**
 * Calls back with each key that has appeared since the first list was known. To be
 * called while a component is set up; `undefined` is no list.
 */
export function useNewcomers(keys: () => readonly string[] | undefined, came: (key: string) => void): void {
  let known: Set<string> | undefined;
  $effect(() => {
    const now = keys();
    if (!now) return;
    for (const one of now) if (known && !known.has(one)) came(one);
    known = new Set(now);
  });
}
