import type { Project } from '@boocode/contracts/project.ts';
import { ChevronsUpDown, FolderGit2, Plus, Search } from 'lucide-react';
import { useContext } from 'react';
import { Link, useLocation, useRoute } from 'wouter';
import { useLive, useUser } from '../live/live-context.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { MenuHolderContext } from '../ui/menu-holder.ts';
import { Westie, Wordmark } from '../ui/Westie.tsx';
import { ModelServerLine } from './ModelServerLine.tsx';
import { RAIL_ENTRIES, type RailEntry } from './rail-entries.ts';
import { SessionGroupList } from './SessionGroupList.tsx';
import { ThemeMenu } from './ThemeMenu.tsx';
import { useCurrentProject } from './use-current-project.ts';
import { useKeysLabel } from './use-keys-label.ts';

/** The left rail: where one is, what needs attention, where one can go. */
export function Rail() {
  const { sessions, isLoaded } = useUser();
  const project = useCurrentProject();
  const shown = project === null ? sessions : sessions.filter((session) => session.projectId === project.id);
  return (
    <div className="flex h-full flex-col gap-2 p-2.5">
      <Link href="/" className="flex items-center gap-2 rounded-m px-1 py-0.5">
        <Westie size={34} />
        <Wordmark />
        <span className="sr-only">, all projects</span>
      </Link>
      <ProjectSwitcher project={project} />
      <SearchButton />
      <nav aria-label="Places">
        {RAIL_ENTRIES.map((entry) => (
          <EntryLink key={entry.id} entry={entry} />
        ))}
        {project === null ? null : <RailLink href={`/projects/${project.id}`} icon={<Plus size={16} />} label="New session" />}
      </nav>
      <nav aria-label="Sessions" className="min-h-0 flex-1 overflow-y-auto pt-2">
        {isLoaded && shown.length === 0 ? (
          <p className="px-2 text-12 text-fg-2">No sessions yet. Describe a change to start one.</p>
        ) : (
          <SessionGroupList sessions={shown} showProject={project === null} />
        )}
      </nav>
      <div className="flex items-center gap-2 border-t border-line px-1 pt-2.5">
        <ModelServerLine />
        <ThemeMenu />
      </div>
    </div>
  );
}

function ProjectSwitcher({ project }: { project: Project | null }) {
  const { projects } = useUser();
  const [, navigate] = useLocation();
  return (
    <Menu
      label="Projects"
      trigger={{
        className: 'pane flex min-h-12 items-center gap-2.5 px-2.5 py-1.5 text-left hover:bg-bg-2',
        children: (
          <>
            <span className="grid size-7 shrink-0 place-items-center rounded-m bg-bg-3 font-mono font-bold" aria-hidden="true">
              {project === null ? <FolderGit2 size={15} /> : project.name.slice(0, 1)}
            </span>
            <span className="min-w-0 flex-1">
              <span className="block truncate font-semibold">
                <span className="sr-only">Project: </span>
                {project?.name ?? 'All projects'}
              </span>
              <span className="block truncate text-12 text-fg-2 [direction:rtl] text-left">
                <bdi>{project?.path ?? `${projects.length} ${projects.length === 1 ? 'project' : 'projects'}`}</bdi>
              </span>
            </span>
            <ChevronsUpDown size={14} className="shrink-0 text-fg-2" />
          </>
        ),
      }}
    >
      {projects.map((other) => (
        <MenuItem key={other.id} onSelect={() => navigate(`/projects/${other.id}`)}>
          <span className="min-w-0">
            <span className="block truncate font-medium text-fg-0">{other.name}</span>
            <span className="block truncate font-mono text-11 text-fg-2">{other.path}</span>
          </span>
        </MenuItem>
      ))}
      <MenuItem onSelect={() => navigate('/')}>
        <Plus size={15} className="mt-0.5" /> Add or see all projects
      </MenuItem>
    </Menu>
  );
}

/** On screens without a bar of their own. */
function SearchButton() {
  const { overlay } = useLive();
  const keys = useKeysLabel()('palette');
  const holder = useContext(MenuHolderContext);
  const open = () => {
    holder?.closest('dialog')?.close(); // the drawer of a phone
    overlay.set({ kind: 'palette' });
  };
  return (
    <button
      type="button"
      className="flex min-h-8 items-center gap-2.5 rounded-m px-2 text-left font-medium text-fg-1 hover:bg-bg-2 pointer-coarse:min-h-11"
      onClick={open}
    >
      <Search size={16} />
      Search
      {keys === null ? null : <span className="kbd ml-auto pointer-coarse:hidden">{keys}</span>}
    </button>
  );
}

function EntryLink({ entry }: { entry: RailEntry }) {
  const Icon = entry.icon;
  return <RailLink href={entry.href} icon={<Icon size={16} />} label={entry.label} count={(entry.useCount ?? noCount)()} />;
}

function noCount(): number {
  return 0;
}

function RailLink({ href, icon, label, count = 0 }: { href: string; icon: React.ReactNode; label: string; count?: number }) {
  const [isHere] = useRoute(href);
  return (
    <Link
      href={href}
      aria-current={isHere ? 'page' : undefined}
      className={`flex min-h-8 items-center gap-2.5 rounded-m px-2 font-medium pointer-coarse:min-h-11 ${isHere ? 'bg-bg-2 text-fg-0' : 'text-fg-1 hover:bg-bg-2'}`}
    >
      {icon}
      {label}
      {count > 0 ? (
        <span className="ml-auto grid h-[18px] min-w-[18px] place-items-center rounded-full bg-warn-fill px-1 text-11 font-bold text-on-warn">
          {count}
          <span className="sr-only"> waiting</span>
        </span>
      ) : null}
    </Link>
  );
}
