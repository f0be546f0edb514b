/** `InvasiveComponents` -> `invasive_components`, `HER2ReceptorScore` -> `her2_receptor_score`. */
export function snakeCase<const Name extends string>(name: Name): SnakeCase<Name> {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase() as SnakeCase<Name>;
}

/** The type of what snakeCase gives: the compiler knows the columns of fields by it. A test holds the two equal. */
export type SnakeCase<
  Name extends string,
  Before extends string = '',
  Done extends string = '',
> = Name extends `${infer Letter}${infer After}`
  ? SnakeCase<After, Letter, `${Done}${Break<Before, Letter, After>}${Lowercase<Letter>}`>
  : Done;

/** A capital begins a word after a small letter or a digit, and after another capital where a small letter follows. */
type Break<Before extends string, Letter extends string, After extends string> = Letter extends Capital
  ? Before extends Small | Digit
    ? '_'
    : Before extends Capital
      ? After extends `${Small}${string}`
        ? '_'
        : ''
      : ''
  : '';

// prettier-ignore
type Small = 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm' | 'n' | 'o' | 'p' | 'q' | 'r' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z';
type Capital = Uppercase<Small>;
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
