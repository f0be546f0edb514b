/**
 * Characters that a line of stdout has room for; null where nobody looks: in a pipe or a file lines are as long as they are.
 */
export function screenWidth(): number | null {
  const { isTTY, columns } = process.stdout;
  return isTTY && columns > 0 ? columns : null;
}

/** Wider text is hard to read. */
const WIDEST_PAGE = 140;

/** As `screenWidth`, for what is made of lines in any case, such as the help. */
export function pageWidth(): number {
  return Math.min(screenWidth() ?? 80, WIDEST_PAGE);
}
