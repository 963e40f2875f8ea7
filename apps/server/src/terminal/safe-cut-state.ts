/** Where in a stream of terminal output we are: between characters, or inside of one or of a control sequence. */
type Place = 'ground' | 'utf8' | 'escape' | 'intermediate' | 'csi' | 'text' | 'text_escape';

export interface CutState {
  readonly place: Place;
  /** Bytes of the character that are still to come. */
  readonly missing: number;
}

export const CUT_START: CutState = { place: 'ground', missing: 0 };

const ESC = 0x1b;
const CANCEL = 0x18;
const SUBSTITUTE = 0x1a;
const BELL = 0x07;

/** Reads on, and says after how many of the bytes the stream can be cut without tearing a character or a sequence (0: nowhere in these). */
export function findSafeCut(state: CutState, bytes: Uint8Array): { readonly state: CutState; readonly end: number } {
  let { place, missing } = state;
  let end = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (place === 'utf8' && byte >> 6 === 2) {
      missing -= 1;
      if (missing === 0) place = 'ground';
    } else if (place === 'ground' || place === 'utf8') {
      missing = missingAfter(byte);
      place = byte === ESC ? 'escape' : missing > 0 ? 'utf8' : 'ground';
    } else {
      place = step(place, byte);
    }
    if (place === 'ground') end = at + 1;
  }
  return { state: { place, missing }, end };
}

/** How many bytes follow the first one of a character. */
function missingAfter(byte: number): number {
  if (byte >= 0xf0 && byte < 0xf8) return 3;
  if (byte >= 0xe0 && byte < 0xf0) return 2;
  if (byte >= 0xc0 && byte < 0xe0) return 1;
  return 0;
}

function step(place: Exclude<Place, 'ground' | 'utf8'>, byte: number): Place {
  if (byte === CANCEL || byte === SUBSTITUTE) return 'ground';
  switch (place) {
    case 'escape':
      if (byte === 0x5b) return 'csi';
      if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) return 'text';
      return byte === ESC ? 'escape' : byte < 0x20 ? 'escape' : byte < 0x30 ? 'intermediate' : 'ground';
    case 'intermediate':
      return byte === ESC ? 'escape' : byte < 0x30 ? 'intermediate' : 'ground';
    case 'csi':
      return byte === ESC ? 'escape' : byte >= 0x40 && byte < 0x7f ? 'ground' : 'csi';
    case 'text':
      return byte === ESC ? 'text_escape' : byte === BELL ? 'ground' : 'text';
    case 'text_escape':
      return byte === 0x5c ? 'ground' : step('escape', byte);
  }
}
