import assert from "node:assert/strict";
import { toHex } from "../../src/codec/bytes.js";
import type { Group } from "../../src/mls/group.js";
import { open, seal } from "../../src/mls/hpke.js";
import { isBelow, nodeOfLeaf } from "../../src/mls/tree/nodes.js";
import type { HistorySeat } from "./history-client.js";

const EMPTY = new Uint8Array(0);

/**
 * Writes down every secret that anybody in a history ever holds, and says when one is where it must not be: "the private key
 * of a node is known to members below it only" (RFC 9420, 4.2), nothing that one outside holds is in use inside, and a newcomer
 * holds nothing that was in use before it came.
 */
export class HistoryWitness {
  /** By public key: who has the private one. */
  readonly #knowers = new Map<string, Set<HistorySeat>>();
  readonly #privateKeys = new Map<HistorySeat, Map<string, Uint8Array>>();
  readonly #held = new Map<HistorySeat, Set<string>>();
  readonly #outside = new Set<string>();
  readonly #firstSeen = new Map<string, bigint>();
  readonly #fitting = new Set<string>();

  /** A state that a seat has now, or had for a moment. */
  async note(seat: HistorySeat, group: Group): Promise<void> {
    seat.held.push(group);
    for (const [index, privateKey] of group.privateKeys) {
      const node = group.nodes[index];
      assert.ok(node, `a private key of the blank node ${index}`);
      await this.#noteKey(seat, node.encryptionKey, privateKey);
    }
    for (const { publicKey, privateKey } of group.updateKeys) await this.#noteKey(seat, publicKey, privateKey);
    const held = this.#held.get(seat) ?? new Set();
    this.#held.set(seat, held);
    for (const secret of secretsOf(group)) {
      held.add(secret);
      const first = this.#firstSeen.get(secret);
      if (first === undefined || first > group.epoch) this.#firstSeen.set(secret, group.epoch);
    }
    for (const { secret } of group.resumptions) held.add(toHex(secret));
  }

  /** The seat is outside from now on. */
  noteOutside(seat: HistorySeat): void {
    for (const secret of this.#held.get(seat) ?? []) this.#outside.add(secret);
  }

  /** The private key of a public one, if the seat ever had it. */
  privateKeyOf(seat: HistorySeat, publicKey: Uint8Array): Uint8Array | undefined {
    return this.#privateKeys.get(seat)?.get(toHex(publicKey));
  }

  /** Asserts that who came in just now holds nothing that was in use before its epoch. */
  assertFresh({ group }: HistorySeat): void {
    for (const secret of secretsOf(group)) {
      assert.equal(this.#firstSeen.get(secret) ?? group.epoch, group.epoch, "a newcomer holds an older secret");
    }
  }

  /** Asserts that of what these hold now nobody else holds what it should not. */
  assertKept(seats: ReadonlyMap<number, HistorySeat>): void {
    for (const { group } of seats.values()) {
      for (const secret of secretsOf(group))
        assert.ok(!this.#outside.has(secret), "one outside holds a secret of today");
    }
    const [
      {
        group: { nodes },
      } = { group: { nodes: [] } },
    ] = seats.values();
    for (const [index, node] of nodes.entries()) {
      if (node === undefined) continue;
      const below = new Set<HistorySeat>();
      for (const [leaf, seat] of seats) {
        if (nodeOfLeaf(leaf) === index || isBelow(nodes, leaf, index)) below.add(seat);
      }
      for (const knower of this.#knowers.get(toHex(node.encryptionKey)) ?? []) {
        assert.ok(below.has(knower), `${knower.client.name} has the key of node ${index} and is not below it`);
      }
    }
  }

  async #noteKey(seat: HistorySeat, publicKey: Uint8Array, privateKey: Uint8Array): Promise<void> {
    const name = toHex(publicKey);
    const keys = this.#privateKeys.get(seat) ?? new Map<string, Uint8Array>();
    this.#privateKeys.set(seat, keys.set(name, privateKey));
    this.#knowers.set(name, (this.#knowers.get(name) ?? new Set()).add(seat));
    const pair = name + toHex(privateKey);
    if (this.#fitting.has(pair)) return;
    const sealed = await seal(publicKey, EMPTY, Uint8Array.of(7));
    assert.deepEqual(await open(privateKey, EMPTY, sealed), Uint8Array.of(7), "a private key of another public one");
    this.#fitting.add(pair);
  }
}

/** What a member holds of its present epoch, in hexadecimal digits. */
function secretsOf({ keys, privateKeys, secretTree }: Group): readonly string[] {
  return [
    ...Object.values(keys),
    ...privateKeys.values(),
    ...secretTree.nodes.map(({ secret }) => secret),
    ...secretTree.ratchets.flatMap(({ secret, skipped }) => [secret, ...skipped.map(({ key }) => key)]),
  ].map(toHex);
}
