import type { ReactNode } from 'react';
import type { Edge } from './timeline-rows.ts';

interface TurnRowProps {
  readonly edge: Edge | 'last' | 'live' | 'asks';
  /** What sits on the fuse; null = the line runs through. */
  readonly knot: ReactNode;
  readonly knotClass?: string;
  readonly knotTop?: number;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A row of an agent's turn, hung on the fuse. */
export function TurnRow({ edge, knot, knotClass = '', knotTop = 5, className = 'py-1', children }: TurnRowProps) {
  return (
    <div className={`turn turn-${edge} pr-3 @min-[560px]/chat:pr-7 ${className}`}>
      {knot === null ? null : (
        <span className={`knot ${knotClass}`} style={{ top: knotTop }}>
          {knot}
        </span>
      )}
      {children}
    </div>
  );
}
