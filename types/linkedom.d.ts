/** The part of linkedom that the project uses; the types that it ships are those of a browser, which the compiler knows not. */
declare module 'linkedom' {
  export interface LinkedElement {
    textContent: string;
    readonly localName: string;
    readonly outerHTML: string;
    readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
    getAttribute(name: string): string | null;
    setAttribute(name: string, value: string): void;
    removeAttribute(name: string): void;
    querySelector(selector: string): LinkedElement | null;
    querySelectorAll(selector: string): Iterable<LinkedElement>;
    closest(selector: string): LinkedElement | null;
    prepend(...elements: LinkedElement[]): void;
    remove(): void;
  }
  export interface LinkedDocument {
    createElementNS(namespace: string, name: string): LinkedElement;
    querySelector(selector: string): LinkedElement | null;
    querySelectorAll(selector: string): Iterable<LinkedElement>;
  }
  export function parseHTML(html: string): { readonly document: LinkedDocument };
}
