import type { ModelList, ModelServer, UsualPlace } from '@boocode/contracts/provider.ts';

/** What the check of the model servers says. */
export interface ModelCheck {
  readonly dot: 'done' | 'queued' | 'error';
  /** Goes on after "Model server". */
  readonly words: string;
  /** Set up, but not answering. */
  readonly broken: readonly ModelServer[];
  readonly places: readonly UsualPlace[];
  /** Names that are taken. */
  readonly known: readonly string[];
}

export function modelCheckOf({ items, servers, places }: Pick<ModelList, 'items' | 'servers' | 'places'>): ModelCheck {
  const real = servers.filter((server) => !server.demo);
  const ready = real.find((server) => server.status === 'ready');
  const known = servers.map((server) => server.id);
  const broken = real.filter((server) => server.status !== 'ready');
  if (ready !== undefined) {
    const count = items.filter((model) => model.server === ready.id).length;
    return { dot: 'done', words: `answers at ${ready.url} with ${count} ${count === 1 ? 'model' : 'models'}`, broken, places, known };
  }
  const isLooking = [...real, ...places].some((one) => one.status === 'checking');
  return { dot: isLooking ? 'queued' : 'error', words: isLooking ? 'looking' : real.length === 0 ? 'not found' : 'does not answer', broken, places, known };
}

export function placeWords({ status }: UsualPlace): string {
  switch (status) {
    case 'checking':
      return 'looking';
    case 'absent':
      return 'nothing answers';
    case 'other':
      return 'something answers, but no model server';
    case 'ready':
      return 'answers';
  }
}

/** A name for a server that is added by its address alone. */
export function serverName(known: readonly string[]): string {
  if (!known.includes('home')) return 'home';
  for (let number = 2; ; number++) if (!known.includes(`home-${number}`)) return `home-${number}`;
}
