import { parseTree, type Node } from 'jsonc-parser';
import { isHeldByDouble } from '../base/decimal.js';
import type { JsonObject } from './json-object.js';
import { JsonError, JsonSize } from './json-size.js';

export interface DuplicateKey {
  readonly key: string;
  /** JSON text of a value that JSON.parse dropped because the key came again later. */
  readonly dropped: string;
}

/** Whether a number is sure to be what the text says. */
export function isSafe(value: number): boolean {
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;
}

/** The slow and exact reading, of texts that have a key twice or a number that a double cannot hold. */
export function parseExactly(text: string): { object: JsonObject; duplicateKeys: DuplicateKey[] } {
  const root = parseTree(text);
  if (root === undefined) throw new JsonError('the file is not JSON');
  const duplicateKeys: DuplicateKey[] = [];
  return { object: buildValue(root, text, duplicateKeys) as JsonObject, duplicateKeys };
}

function buildValue(node: Node, text: string, duplicates: DuplicateKey[]): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child) => buildValue(child, text, duplicates));
  if (node.type === 'object') return buildObject(node, text, duplicates);
  const value: unknown = node.value;
  const raw = text.slice(node.offset, node.offset + node.length);
  return typeof value === 'number' && !(isSafe(value) && isHeldByDouble(raw)) ? raw : value;
}

function buildObject(node: Node, text: string, duplicates: DuplicateKey[]): JsonObject {
  const object: JsonObject = {};
  const places = new Map<string, Node>();
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (keyNode === undefined || valueNode === undefined) continue;
    const key = String(keyNode.value);
    const dropped = places.get(key);
    if (dropped !== undefined) {
      duplicates.push({ key, dropped: text.slice(dropped.offset, dropped.offset + dropped.length) });
      JsonSize.checkKeys(duplicates.length);
    }
    places.set(key, valueNode);
    setOwn(object, key, buildValue(valueNode, text, duplicates));
  }
  return object;
}

/** Sets a property as JSON.parse would, also one named `__proto__`, which plain assignment swallows. */
export function setOwn(object: JsonObject, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
