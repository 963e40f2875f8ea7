/** Stands where the changes will be. */
export function ChangesSkeleton() {
  return (
    <div className="flex-1 space-y-3 p-3" role="status" aria-label="Reading the changes">
      <div className="skeleton h-5 w-2/3" />
      <div className="skeleton h-32 w-full" />
    </div>
  );
}
