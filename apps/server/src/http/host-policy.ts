/** What a request says about where it comes from. Names are as sent. */
export interface Arrival {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly isApi: boolean;
  readonly isSocket: boolean;
}

/** Says why a request must not be answered, or null. Guards also on loopback: any page in a browser can reach it. */
export function decideArrival(arrival: Arrival, allowedHosts: ReadonlySet<string>): string | null {
  const host = arrival.host?.toLowerCase();
  if (host === undefined || !allowedHosts.has(host)) {
    return `Cannot answer under the host name ${quote(arrival.host)}: it is not one of this server's; add it to "allowedHosts" in config.json if it is yours`;
  }
  if (arrival.origin !== undefined && !isAllowedOrigin(arrival.origin, allowedHosts)) {
    return `Cannot answer the page at ${quote(arrival.origin)}: only BooCode's own pages may ask; add its host to "allowedHosts" in config.json if it is yours`;
  }
  // A socket always carries Origin, and browsers disagree about Sec-Fetch-Site on it.
  if (arrival.isApi && !arrival.isSocket && isForeignSite(arrival.fetchSite)) {
    return `Cannot answer a request that another page made (Sec-Fetch-Site: ${arrival.fetchSite}): only BooCode's own pages may ask; "allowedHosts" in config.json names its hosts`;
  }
  return null;
}

export interface Binding {
  readonly host: string;
  readonly port: number;
  /** `allowedHosts` of config.json; a bare name also stands for that name with the server's own port. */
  readonly extra: readonly string[];
  /** The machine's own addresses (`ownAddresses`), needed when the server listens on all of them. */
  readonly addresses: readonly string[];
}

/** Every `host:port` under which the server may be asked, in lower case. */
export function listAllowedHosts({ host, port, extra, addresses }: Binding): ReadonlySet<string> {
  const own = ['localhost', '127.0.0.1', '::1', ...(isAnyAddress(host) ? addresses : [host])].map(bracket);
  const withPort = own.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  const further = extra.flatMap((name) => (hasPort(name) ? [name] : [name, `${name}:${port}`]));
  return new Set([...withPort, ...further].map((name) => name.toLowerCase()));
}

/** Where a browser on this machine finds the server. */
export function serverUrl(host: string, port: number): string {
  return `http://${isAnyAddress(host) ? '127.0.0.1' : bracket(host)}:${port}`;
}

/** The form of a host in a URL: IPv6 in brackets, without a zone. */
export function bracket(host: string): string {
  const address = host.split('%')[0] ?? host;
  return address.includes(':') ? `[${address}]` : address;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

export function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** A host with or without a port, as it stands in a Host header. */
export function isHostName(text: string): boolean {
  return /^(?:[a-z0-9_]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(text);
}

function hasPort(name: string): boolean {
  return /:\d+$/.test(name.replace(/^\[.*\]/, ''));
}

function isAllowedOrigin(origin: string, allowedHosts: ReadonlySet<string>): boolean {
  const match = /^(https?):\/\/([^/\s]+)$/i.exec(origin);
  return match?.[2] !== undefined && allowedHosts.has(match[2].toLowerCase());
}

function isForeignSite(fetchSite: string | undefined): boolean {
  return fetchSite === 'cross-site' || fetchSite === 'same-site';
}

function quote(text: string | undefined): string {
  return text === undefined ? '(none)' : JSON.stringify(text.slice(0, 200));
}
