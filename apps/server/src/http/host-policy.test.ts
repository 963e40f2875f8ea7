import { describe, expect, it } from 'vitest';
import { decideArrival, isHostName, isLoopback, listAllowedHosts, serverUrl } from './host-policy.ts';

const LOOPBACK = ['localhost:9500', '127.0.0.1:9500', '[::1]:9500'];

describe('listAllowedHosts()', () => {
  it.each([
    ['loopback', { host: '127.0.0.1' }, LOOPBACK],
    ['an address', { host: '192.168.1.5' }, [...LOOPBACK, '192.168.1.5:9500']],
    ['an IPv6 address with a zone', { host: 'fe80::1%eth0' }, [...LOOPBACK, '[fe80::1]:9500']],
    ['all addresses', { host: '0.0.0.0', addresses: ['10.0.0.1', 'fd00::2'] }, [...LOOPBACK, '10.0.0.1:9500', '[fd00::2]:9500']],
    [
      'names of the config',
      { host: '127.0.0.1', extra: ['Box.lan', 'proxy.lan:443', '[fd00::2]'] },
      [...LOOPBACK, 'box.lan', 'box.lan:9500', 'proxy.lan:443', '[fd00::2]', '[fd00::2]:9500'],
    ],
    ['port 80', { host: 'box', port: 80 }, ['localhost', 'localhost:80', '127.0.0.1', '127.0.0.1:80', '[::1]', '[::1]:80', 'box', 'box:80']],
  ])('knows %s', (_, binding, expected) => {
    const hosts = listAllowedHosts({ port: 9500, extra: [], addresses: [], ...binding });
    expect([...hosts].toSorted()).toEqual([...expected].toSorted());
  });
});

describe('decideArrival()', () => {
  const allowed = new Set(['localhost:9500', 'box.lan']);
  const own = { host: 'localhost:9500', origin: undefined, fetchSite: undefined, isApi: true, isSocket: false };

  it.each([
    [{}],
    [{ host: 'LOCALHOST:9500' }],
    [{ origin: 'http://localhost:9500' }],
    [{ origin: 'https://box.lan', host: 'box.lan' }],
    [{ fetchSite: 'none' }],
    [{ fetchSite: 'cross-site', isApi: false }],
    [{ fetchSite: 'cross-site', isSocket: true, origin: 'http://localhost:9500' }],
  ])('lets %j in', (arrival) => expect(decideArrival({ ...own, ...arrival }, allowed)).toBeNull());

  it.each([
    [{ host: undefined }],
    [{ host: '' }],
    [{ host: 'localhost:9501' }],
    [{ host: 'localhost:9500@evil.example' }],
    [{ host: 'localhost:9500, evil.example' }],
    [{ origin: '' }],
    [{ origin: 'null' }],
    [{ origin: 'ws://localhost:9500' }],
    [{ origin: 'http://localhost:9500/' }],
    [{ origin: 'http://localhost:9500.evil.example' }],
    [{ origin: 'http://evil.example', isSocket: true }],
    [{ fetchSite: 'cross-site' }],
    [{ fetchSite: 'cross-site', origin: 'http://localhost:9500' }],
    [{ fetchSite: 'same-site' }],
  ])('refuses %j, naming the key', (arrival) => expect(decideArrival({ ...own, ...arrival }, allowed)).toContain('"allowedHosts"'));
});

it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('%s is loopback', (host) => expect(isLoopback(host)).toBe(true));
it.each(['0.0.0.0', '::', '128.0.0.1', '127.0.0.1.example', 'localhost.example', ''])('%s is not loopback', (host) => expect(isLoopback(host)).toBe(false));
it.each(['box', 'box.lan:9500', '10.0.0.1', '[::1]:80', 'a_b.c'])('%s can stand in a Host header', (host) => expect(isHostName(host)).toBe(true));
it.each(['', 'http://x', 'a b', 'a;b', '-a', '::1', 'a:b', 'a/b', "a'b"])('%j cannot stand in a Host header', (host) => expect(isHostName(host)).toBe(false));

it('serverUrl() is an address a browser can open', () => {
  expect([serverUrl('127.0.0.1', 1), serverUrl('::1', 2), serverUrl('0.0.0.0', 3), serverUrl('box', 4)]).toEqual([
    'http://127.0.0.1:1',
    'http://[::1]:2',
    'http://127.0.0.1:3',
    'http://box:4',
  ]);
});
