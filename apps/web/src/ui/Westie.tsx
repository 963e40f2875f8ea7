/** Our West Highland White Terrier. */
export function Westie({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path d="M12.5 29C9.6 21 8.6 12.6 9.3 5.300c.1-1 1.3-1.4 2-.7 5 4.2 10 7.4 15.7 10.400Z" fill="var(--fur)" stroke="var(--fur-edge)" strokeWidth="1.2" />
      <path d="M51.5 29c2.9-8 3.9-16.4 3.2-23.7-.1-1-1.3-1.4-2-.7-5 4.2-10 7.4-15.7 10.400Z" fill="var(--fur)" stroke="var(--fur-edge)" strokeWidth="1.2" />
      <path d="M15 23.500c-1.7-4.5-2.5-8.6-2.6-12.6 3.2 2.7 6.2 4.8 9.6 6.700Z" fill="var(--ear)" />
      <path d="M49 23.500c1.7-4.5 2.5-8.6 2.6-12.6-3.2 2.7-6.2 4.8-9.6 6.700Z" fill="var(--ear)" />
      <path
        d="M32 10.500c-2.2 0-3.7 1.2-5 2.3-2.4-.6-4.7.2-6.2 1.9-2.6 0-4.7 1.4-5.7 3.7-2.3.7-3.9 2.6-4.2 5-2 1.5-2.9 3.8-2.3 6.2-1.7 1.9-2.2 4.5-1.2 6.8-1.2 2.3-1.1 4.9.4 7-.6 2.5.2 5 2.2 6.6.1 2.6 1.6 4.8 4 5.7 1 2.4 3.2 3.9 5.8 3.9 1.7 2 4.3 2.8 6.8 2.1 1.6 1.5 3.4 2.3 5.4 2.300s3.8-.8 5.4-2.300c2.5.7 5.1-.1 6.8-2.1 2.6 0 4.8-1.5 5.8-3.9 2.4-.9 3.9-3.1 4-5.7 2-1.6 2.8-4.1 2.2-6.6 1.5-2.1 1.6-4.7.4-7 1-2.3.5-4.9-1.2-6.8.6-2.4-.3-4.7-2.3-6.2-.3-2.4-1.9-4.3-4.2-5-1-2.3-3.1-3.7-5.7-3.7-1.5-1.7-3.8-2.5-6.2-1.9-1.3-1.1-2.8-2.3-5-2.300Z"
        fill="var(--fur)"
        stroke="var(--fur-edge)"
        strokeWidth="1.2"
      />
      <path
        d="M24.5 16.500c1.2 3.2 3.2 5.6 6 7.3-.6-2.6-.4-5 .6-7.3.3 2.7 1.4 4.8 3.3 6.4.3-2.3 1.4-4.3 3.2-6 .4 3.4-.6 6.5-2.8 9.100h-5.600c-2.9-2.5-4.5-5.7-4.7-9.500Z"
        fill="var(--fur-shade)"
        opacity=".7"
      />
      <path
        d="M32 33.500c-6.9 0-12 4-12 9.6 0 3.4 1.7 5.7 3.9 7.300l.5 4 3.2-2.5 2.2 4.3 2.2-3.9 2.2 3.9 2.2-4.3 3.2 2.5.5-4c2.2-1.6 3.9-3.9 3.9-7.3 0-5.6-5.1-9.6-12-9.600Z"
        fill="var(--fur-shade)"
        opacity=".8"
      />
      <path
        d="M18.8 28.500c1.5-1.8 4-2.6 6.4-2M45.2 28.500c-1.5-1.8-4-2.6-6.4-2"
        fill="none"
        stroke="var(--fur-line)"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
      <ellipse cx="22.8" cy="32" rx="3.4" ry="3.8" fill="var(--nose)" />
      <ellipse cx="41.2" cy="32" rx="3.4" ry="3.8" fill="var(--nose)" />
      <circle cx="24" cy="30.6" r="1.2" fill="var(--fur)" />
      <circle cx="42.4" cy="30.6" r="1.2" fill="var(--fur)" />
      <path d="M26.6 38.200c0-2 2.4-3.2 5.4-3.200s5.4 1.2 5.4 3.200c0 2.5-3.1 5.4-5.4 5.400s-5.4-2.9-5.4-5.400Z" fill="var(--nose)" />
      <path d="M29.2 36.900c.8-.6 1.9-.8 3-.7" fill="none" stroke="var(--fur)" strokeWidth="1" strokeLinecap="round" opacity=".55" />
      <path
        d="M32 43.500v2.800M26.6 46.200c1 2.3 4 2.6 5.4.1 1.4 2.5 4.4 2.2 5.4-.1"
        fill="none"
        stroke="var(--nose)"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
      <path d="M30 48.800c.3 1.9 3.7 1.9 4 0-1.2.5-2.8.5-4 0Z" fill="var(--ear)" />
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
