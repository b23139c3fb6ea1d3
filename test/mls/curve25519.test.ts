import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concat } from "../../src/codec/bytes.js";
import { isEd25519Key, isEd25519Signature, isX25519Key } from "../../src/mls/curve25519.js";
import { generateKeyPair } from "../../src/mls/hpke.js";
import { exportPublicKey, generateSignatureKey, sign, verify } from "../../src/mls/signing.js";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));

function mod(value: bigint): bigint {
  return ((value % P) + P) % P;
}

function power(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n;
  const half = power(mod(base * base), exponent >> 1n);
  return exponent & 1n ? mod(half * base) : half;
}

function littleEndian(value: bigint): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 255n));
}

function numberOf(octets: Uint8Array): bigint {
  return octets.reduceRight((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

/** The y of every point whose order divides 8: 0, 1, -1, and those that double to y = 0, where d·y⁴ + 2·y² − 1 = 0. */
function smallY(): readonly bigint[] {
  const roots = [rootOf(mod(1n + D)), P - rootOf(mod(1n + D))].map((root) => mod((root - 1n) * power(D, P - 2n)));
  const squares = roots.filter((square) => power(square, (P - 1n) / 2n) === 1n);
  return [0n, 1n, P - 1n, ...squares.flatMap((square) => [rootOf(square), P - rootOf(square)])];
}

/** A square root mod 2^255 - 19, which is 5 mod 8. */
function rootOf(square: bigint): bigint {
  const root = power(square, (P + 3n) / 8n);
  return mod(root * root) === square ? root : mod(root * power(2n, (P - 1n) / 4n));
}

describe("a key of curve25519", () => {
  it("is none when its order is small, in any spelling and with either sign", async () => {
    assert.equal(smallY().length, 5);
    for (const y of smallY()) {
      for (const spelled of [y, y + P].filter((value) => value < 2n ** 255n)) {
        assert.ok(!isEd25519Key(littleEndian(spelled)));
        assert.ok(!isEd25519Key(littleEndian(spelled + 2n ** 255n)));
      }
      const u = y === 1n ? 0n : mod((1n + y) * power(mod(1n - y), P - 2n));
      for (const spelled of [u, u + P, u + 2n ** 255n].filter((value) => value < 2n ** 256n)) {
        assert.ok(!isX25519Key(littleEndian(spelled)));
      }
      assert.equal(await productWith(littleEndian(u)), undefined);
    }
  });

  it("is none when it is of another length or spelled with a number beyond the field", () => {
    for (const length of [0, 31, 33, 64]) {
      assert.ok(!isEd25519Key(new Uint8Array(length).fill(9)));
      assert.ok(!isX25519Key(new Uint8Array(length).fill(9)));
    }
    assert.ok(isX25519Key(littleEndian(9n)));
    assert.ok(!isX25519Key(littleEndian(9n + P)));
    assert.ok(!isX25519Key(littleEndian(9n + 2n ** 255n)));
    assert.ok(!isEd25519Key(littleEndian(P + 2n)));
  });

  it("is one when an engine made it", async () => {
    for (let round = 0; round < 20; round++) {
      assert.ok(isX25519Key((await generateKeyPair()).publicKey));
      assert.ok(isEd25519Key(await exportPublicKey((await generateSignatureKey()).publicKey)));
    }
  });
});

describe("an Ed25519 signature", () => {
  it("is refused when it would fit every message, whatever the engine says", async () => {
    const identity = littleEndian(1n);
    const universal = concat(identity, littleEndian(0n));
    assert.equal(await verify(identity, Uint8Array.of(1, 2, 3), universal), false);
    assert.ok(!isEd25519Signature(universal));
  });

  it("is refused in the second spelling that adding the order gives it", async () => {
    const { privateKey, publicKey } = await generateSignatureKey();
    const [key, message] = [await exportPublicKey(publicKey), Uint8Array.of(7)];
    const signature = await sign(privateKey, message);
    assert.equal(await verify(key, message, signature), true);
    const again = concat(signature.subarray(0, 32), littleEndian(numberOf(signature.subarray(32)) + ORDER));
    assert.ok(!isEd25519Signature(again));
    assert.equal(await verify(key, message, again), false);
  });

  it("is refused when cut or longer", async () => {
    const { privateKey } = await generateSignatureKey();
    const signature = await sign(privateKey, Uint8Array.of(7));
    assert.ok(isEd25519Signature(signature));
    assert.ok(!isEd25519Signature(signature.subarray(1)));
    assert.ok(!isEd25519Signature(concat(signature, Uint8Array.of(0))));
  });
});

/** X25519 of a fresh private key with that point; undefined where the engine refuses or the product is zero. */
async function productWith(point: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  const pair = await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
  assert.ok("privateKey" in pair);
  const key = await crypto.subtle.importKey("raw", point, "X25519", false, []);
  const product = crypto.subtle.deriveBits({ name: "X25519", public: key }, pair.privateKey, 256);
  const octets = new Uint8Array(await product.catch(() => new ArrayBuffer(32)));
  return octets.every((octet) => octet === 0) ? undefined : octets;
}
