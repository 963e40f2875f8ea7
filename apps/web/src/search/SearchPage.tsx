import { Shell } from '../shell/Shell.tsx';
import { ChatSearch } from './ChatSearch.tsx';

/** Search in the chats of all projects. */
export function SearchPage() {
  return (
    <Shell title="Search chats">
      <div className="pane flex min-h-0 flex-1 flex-col max-md:!rounded-none">
        <header className="flex min-h-(--bar) items-center border-b border-line px-4 max-md:sr-only">
          <h1 className="font-semibold">Search chats</h1>
        </header>
        <ChatSearch projectId={null} />
      </div>
    </Shell>
  );
}
