import { Component, type ReactNode, Suspense } from 'react';

interface LazyBoundaryProps {
  readonly children: ReactNode;
  /** Shown while the part is fetched. */
  readonly fallback?: ReactNode;
  /** Of what is shown when it could not be. */
  readonly className?: string;
}

/** Around every lazy part: catches one that could not be fetched (the server is away, or was updated) or drawn, and offers the way on. */
export class LazyBoundary extends Component<LazyBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    const { children, fallback = null, className = '' } = this.props;
    if (!this.state.hasFailed) return <Suspense fallback={fallback}>{children}</Suspense>;
    return (
      <div role="alert" className={`grid flex-1 place-content-center justify-items-center gap-3 p-6 text-center ${className}`}>
        <p className="text-15 font-semibold">This part could not be loaded</p>
        <p className="max-w-[48ch] text-13 text-fg-1">BooCode may be restarting, or it was updated. Nothing you wrote is lost.</p>
        <button type="button" className="btn btn-line" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    );
  }
}
