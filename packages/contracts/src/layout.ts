import * as z from 'zod/mini';

const Name = z.string().check(z.minLength(1), z.maxLength(100));

/** A tab of a pane. `ref` says which one of its kind: a chat's id, a path, a terminal's id; null where there is one per session. */
export const LayoutTab = z.strictObject({
  id: Name,
  kind: z.string().check(z.regex(/^[a-z][a-z-]{0,30}$/)),
  ref: z.nullable(z.string().check(z.maxLength(4_096))),
  title: z.optional(z.string().check(z.maxLength(200))),
});
export type LayoutTab = z.infer<typeof LayoutTab>;

export const LayoutPane = z.strictObject({
  type: z.literal('pane'),
  id: Name,
  tabs: z.array(LayoutTab).check(z.maxLength(50)),
  /** The tab in front. */
  active: z.nullable(Name),
});
export type LayoutPane = z.infer<typeof LayoutPane>;

/** Panes side by side (`row`) or one above the other (`column`), with the share of each. */
export const LayoutSplit = z.strictObject({
  type: z.literal('split'),
  id: Name,
  direction: z.enum(['row', 'column']),
  sizes: z.array(z.number().check(z.gte(0), z.lte(100_000))).check(z.minLength(2), z.maxLength(16)),
  get children(): z.ZodMiniArray<z.ZodMiniUnion<readonly [typeof LayoutPane, typeof LayoutSplit]>> {
    return z.array(LayoutNode).check(z.minLength(2), z.maxLength(16));
  },
});
export type LayoutSplit = z.infer<typeof LayoutSplit>;

export const LayoutNode = z.union([LayoutPane, LayoutSplit]);
export type LayoutNode = z.infer<typeof LayoutNode>;

export const MAX_PANES = 32;
export const MAX_LAYOUT_DEPTH = 8;

/** How a session's panes stand: the same in every window and after every restart. */
export const Layout = z
  .strictObject({
    root: LayoutNode,
    /** The pane that has the focus, and the one that fills the window. */
    focused: z.nullable(Name),
    maximised: z.nullable(Name),
  })
  .check(z.refine((layout) => isBounded(layout.root, 1), `must have at most ${MAX_PANES} panes, ${MAX_LAYOUT_DEPTH} levels, and one size for each child`));
export type Layout = z.infer<typeof Layout>;

/** `version` grows by one with every change; 0 and null: nobody has arranged anything yet. */
export const SessionLayout = z.object({ layout: z.nullable(Layout), version: z.int() });
export type SessionLayout = z.infer<typeof SessionLayout>;

/** `version` is the one that was read: when another window was faster, this is refused with the newer layout as details. */
export const PatchLayout = z.strictObject({ layout: Layout, version: z.int().check(z.gte(0)) });
export type PatchLayout = z.infer<typeof PatchLayout>;

export function listPanes(node: LayoutNode): readonly LayoutPane[] {
  return node.type === 'pane' ? [node] : node.children.flatMap(listPanes);
}

function isBounded(root: LayoutNode, depth: number): boolean {
  return isShapely(root, depth) && listPanes(root).length <= MAX_PANES;
}

function isShapely(node: LayoutNode, depth: number): boolean {
  if (node.type === 'pane') return true;
  return depth < MAX_LAYOUT_DEPTH && node.sizes.length === node.children.length && node.children.every((child) => isShapely(child, depth + 1));
}
