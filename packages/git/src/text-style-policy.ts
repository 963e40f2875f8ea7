/** How a text is written down, apart from what it says. */
export interface TextStyle {
  readonly bom: boolean;
  readonly eol: 'lf' | 'crlf' | 'mixed' | 'none';
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Git's own rule: a NUL in the first 8,000 bytes. */
export function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8_000).includes(0);
}

/** A pointer of Git LFS looks like text but must not be merged like one. */
export function isLfsPointer(content: Buffer): boolean {
  return content.length < 1_024 && content.subarray(0, 42).toString('latin1') === 'version https://git-lfs.github.com/spec/v1';
}

export function styleOf(content: Buffer): TextStyle {
  const text = content.toString('latin1');
  const crlf = text.split('\r\n').length - 1;
  const lf = text.split('\n').length - 1 - crlf;
  const eol = crlf > 0 ? (lf > 0 ? 'mixed' : 'crlf') : lf > 0 ? 'lf' : 'none';
  return { bom: content.subarray(0, 3).equals(BOM), eol };
}

/** The content with LF and without a byte order mark. */
export function plainText(content: Buffer): Buffer {
  const body = content.subarray(0, 3).equals(BOM) ? content.subarray(3) : content;
  return Buffer.from(body.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** A plain text written down in a style. */
export function inStyle(plain: Buffer, style: TextStyle): Buffer {
  const body = style.eol === 'crlf' ? Buffer.from(plain.toString('latin1').replaceAll('\n', '\r\n'), 'latin1') : plain;
  return style.bom ? Buffer.concat([BOM, body]) : body;
}

/** The style of a three-way merge: who changed it from the base, wins; ours if both did. Null when one of them is mixed: then bytes are merged as they are. */
export function decideMergedStyle(base: TextStyle, ours: TextStyle, theirs: TextStyle): TextStyle | null {
  if (base.eol === 'mixed' || ours.eol === 'mixed' || theirs.eol === 'mixed') return null;
  const eol = ours.eol === base.eol || ours.eol === 'none' ? theirs.eol : ours.eol;
  return { bom: ours.bom === base.bom ? theirs.bom : ours.bom, eol: eol === 'none' ? ours.eol : eol };
}
