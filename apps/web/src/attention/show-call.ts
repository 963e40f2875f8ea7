import type { Call } from './attention-state.ts';
import { openPath } from './open-path.ts';

/** Shows a notification of the browser that leads to what it is about. Without permission it does nothing. */
export async function showCall(call: Call): Promise<void> {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const options = { body: call.body, tag: call.tag, icon: '/icon-192.png', data: { path: call.path } };
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker?.active) {
    await worker.showNotification(call.title, options); // the only way on phones; the worker leads to the page
    return;
  }
  const shown = new Notification(call.title, options);
  shown.addEventListener('click', () => {
    window.focus();
    openPath(call.path);
    shown.close();
  });
}

/** Asks the browser for the right to notify; true when it is given. */
export async function askForCalls(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission()) === 'granted';
}
