import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksum, type Crc32 } from '../../pipeline/storage/checksum.js';

// The check value of CRC-32 (as in zlib and PNG) is that of these nine digits; the SHA-256 is the first example of FIPS 180-2.
const DIGITS = Buffer.from('123456789');
const ABC = Buffer.from('abc');
const SHA256_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

/** CRC-32 bit by bit: of the reversed polynomial 0x04c11db7, from and to all ones. */
const slowCrc32: Crc32 = (data, before) => {
  let sum = ~before;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
};

test('the checksum of a work file does not depend on the pieces that it came in', () => {
  for (const crc32 of [undefined, slowCrc32, null]) {
    const whole = checksum([DIGITS], crc32);
    assert.equal(checksum([DIGITS.subarray(0, 4), Buffer.alloc(0), DIGITS.subarray(4)], crc32), whole);
    assert.notEqual(checksum([DIGITS.subarray(0, 8)], crc32), whole);
  }
});

test('a piece that is empty, with memory of its own or none, changes nothing', () => {
  const empty = [
    Buffer.alloc(0),
    new Uint8Array(0),
    Buffer.allocUnsafe(0).subarray(0, 0),
    DIGITS.subarray(9),
  ];
  for (const piece of empty) assert.equal(checksum([DIGITS, piece]), checksum([DIGITS]));
});

test('it is CRC-32, and SHA-256 where Node has none', () => {
  assert.equal(checksum([DIGITS], slowCrc32), 'cbf43926');
  assert.equal(checksum([ABC], null), SHA256_OF_ABC);
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const has = major > 22 || (major === 22 && minor >= 2) || (major === 20 && minor >= 15);
  assert.equal(checksum([ABC]), has ? checksum([ABC], slowCrc32) : SHA256_OF_ABC);
});

test('it has eight digits, zeros too', () => {
  assert.equal(checksum([], slowCrc32), '00000000');
});
