/** How often the lines are in the file, white space at their ends, blank and doubled lines left out. */
export function looselyAt(text: string, old: string): number {
  const bare = (one: string): string =>
    one
      .split('\n')
      .map((line) => line.trim())
      .filter((line, index, all) => line !== '' && line !== all[index - 1])
      .join('\n');
  const [file, wanted] = [`\n${bare(text)}\n`, `\n${bare(old)}\n`];
  let count = 0;
  if (wanted.length > 2) for (let at = file.indexOf(wanted); at >= 0; at = file.indexOf(wanted, at + 1)) count += 1;
  return count;
}
