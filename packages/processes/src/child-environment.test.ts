import { expect, it } from 'vitest';
import { childEnvironment } from './child-environment.ts';

it('childEnvironment() lets only what is on its list through', () => {
  const env = childEnvironment({
    HOME: '/home/a',
    LC_TIME: 'C',
    XDG_CACHE_HOME: '/c',
    SSH_AUTH_SOCK: '/s',
    https_proxy: 'http://p',
    PATH: '/usr/bin',
    BOOCODE_TOKEN: 'secret',
    BOOCODE_HOME: '/b',
    DATABASE_URL: 'postgres://',
    npm_config_x: '1',
    npm_lifecycle_event: 'start',
    NODE_OPTIONS: '--require /x',
    OPENAI_API_KEY: 'secret',
    ANTHROPIC_API_KEY: 'secret',
    PGPASSWORD: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
  expect(env).toEqual({ HOME: '/home/a', LC_TIME: 'C', XDG_CACHE_HOME: '/c', SSH_AUTH_SOCK: '/s', https_proxy: 'http://p', PATH: '/usr/bin' });
});

it('childEnvironment() takes what npm and relative entries add out of the PATH', () => {
  const path = '/app/node_modules/.bin:/node_modules/.bin/:/x/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/usr/local/bin::.:bin:/usr/bin';
  expect(childEnvironment({ PATH: path })['PATH']).toBe('/usr/local/bin:/usr/bin');
  expect(childEnvironment({})['PATH']).toBe('/usr/local/bin:/usr/bin:/bin');
});

it('childEnvironment() adds what its caller names', () => {
  expect(childEnvironment({ PATH: '/bin', TERM: 'xterm' }, { TERM: 'dumb', OPENAI_API_KEY: 'for this agent' })).toEqual({
    PATH: '/bin',
    TERM: 'dumb',
    OPENAI_API_KEY: 'for this agent',
  });
});
