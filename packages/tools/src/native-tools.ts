import type { Access } from '@boocode/contracts/access.ts';
import { editTool } from './edit-tool.ts';
import { listTool } from './list-tool.ts';
import { readTool } from './read-tool.ts';
import { searchTool } from './search-tool.ts';
import { shellTool } from './shell-tool.ts';
import { todoTool } from './todo-tool.ts';
import type { Tool } from './tool.ts';
import { writeTool } from './write-tool.ts';

/** The tools that an agent is offered, in a fixed order (models cache the beginning of a prompt). A read-only agent sees no others. */
export function nativeTools(access: Access): readonly Tool[] {
  return access === 'read-only' ? READING : ALL;
}

const READING: readonly Tool[] = [readTool, listTool, searchTool, todoTool];
const ALL: readonly Tool[] = [readTool, listTool, searchTool, editTool, writeTool, shellTool, todoTool];
