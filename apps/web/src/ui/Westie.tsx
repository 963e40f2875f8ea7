/** Our West Highland White Terrier. */
export function Westie({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path d="M13 27 9.5 5.5 28 16Z" fill="var(--fur)" />
      <path d="M51 27 54.5 5.5 36 16Z" fill="var(--fur)" />
      <path d="M15.5 22 13.2 11.2 22.5 16.6Z" fill="var(--ear)" />
      <path d="M48.5 22 50.8 11.2 41.5 16.6Z" fill="var(--ear)" />
      <path
        d="M32 9.5 27.5 12.2 24 11 20.8 15 16 15.4 14.6 20.4 9.6 23.4 11.6 27.4 6.4 32.4 10 34.6 5.8 41 10.4 41.8 8.4 48.6 13.4 47.8 14 54 19 51.4 21.8 57.4 26 54.4 29.2 60.4 32 57 34.8 60.4 38 54.4 42.2 57.4 45 51.4 50 54 50.6 47.8 55.6 48.6 53.6 41.8 58.2 41 54 34.6 57.6 32.4 52.4 27.4 54.4 23.4 49.4 20.4 48 15.4 43.2 15 40 11 36.5 12.2Z"
        fill="var(--fur)"
      />
      <path d="M32 15.5 29.4 21.5 24.5 19.8 23.6 24.6 32 28.2 40.4 24.6 39.5 19.8 34.6 21.5Z" fill="var(--fur-shade)" opacity=".55" />
      <path d="M21 41.5c0-6.5 4.6-10 11-10s11 3.5 11 10c0 5-3 8-5.4 11.4L35 50.6 32 55l-3-4.4-2.6 2.3C24 49.5 21 46.5 21 41.500Z" fill="var(--fur-shade)" />
      <ellipse cx="23" cy="30" rx="3.3" ry="3.7" fill="var(--nose)" />
      <ellipse cx="41" cy="30" rx="3.3" ry="3.7" fill="var(--nose)" />
      <circle cx="24.1" cy="28.7" r="1.1" fill="var(--fur)" />
      <circle cx="42.1" cy="28.7" r="1.1" fill="var(--fur)" />
      <path d="M27 36.200c0-1.9 2.2-3 5-3s5 1.1 5 3c0 2.3-2.9 5-5 5s-5-2.7-5-5Z" fill="var(--nose)" />
      <path d="M32 41v3.200M26.8 44.200c1.2 2.3 4 2.3 5.2 0 1.2 2.3 4 2.3 5.2 0" fill="none" stroke="var(--nose)" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  );
}

/** The name, as it is always written. */
export function Wordmark({ className = 'text-18' }: { className?: string }) {
  return (
    <span className={`font-mono font-bold tracking-tight ${className}`}>
      <span className="text-accent-text">&gt;_</span>
      <span className="text-fg-0">BooCode</span>
    </span>
  );
}
