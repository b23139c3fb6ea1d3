import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CodecError } from "../../src/codec/codec-error.js";
import type { CommitView } from "../../src/codec/group-view.js";
import { EXTENSION, type UserClaims, userClaims } from "../../src/codec/leaf-extensions.js";
import { providerUri, roomUri, userOfClient } from "../../src/codec/mimi-uri.js";
import { type RoomPolicy, roomPolicy } from "../../src/codec/room-policy.js";
import { encode } from "../../src/codec/tls.js";
import { type Group, viewGroup } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { type LeafIdentity, memberOf } from "../../src/mls/leaf-identity.js";
import { openPublicGroup, stagePublic, viewPublicGroup } from "../../src/mls/public-group.js";
import { leafContentOf } from "../../src/mls/room-authentication.js";
import { generateSignatureKey } from "../../src/mls/signing.js";
import { stage } from "../../src/mls/stage.js";
import { signUserClaims } from "../../src/mls/user-claims.js";
import { authorize } from "../../src/policy/authorize.js";
import { roleOf, roomStateOf } from "../../src/policy/room-state.js";
import { DOMAIN, join, makeClient, ROOM, startGroup, type TestClient } from "../support/mls-builders.js";
import { policyOf } from "../support/policy-room.js";

const STAFF = roomUri(DOMAIN, "staff");
const HUB = providerUri(DOMAIN);

const userOf = ({ identity }: TestClient) => ({
  userUri: userOfClient(identity.clientUri),
  userKey: identity.userKey,
});

function leafOf(identity: LeafIdentity) {
  return { ...leafContentOf(identity), encryptionKey: new Uint8Array(32), source: { kind: "update" } } as const;
}

/** A leaf of `client` with an extension of these octets for its claims. */
function leafClaiming({ identity }: TestClient, claims: Uint8Array | UserClaims) {
  const leaf = leafOf(identity);
  const extensionData = claims instanceof Uint8Array ? claims : encode(userClaims, claims);
  return { ...leaf, extensions: [...leaf.extensions, { extensionType: EXTENSION.userClaims, extensionData }] };
}

/** The same client, with a leaf that claims. */
function withClaims(client: TestClient, claims: UserClaims): TestClient {
  return { ...client, identity: { ...client.identity, claims } };
}

describe("the claims in a leaf", () => {
  it("are what the user's provider signed, in canonical spelling, and listed in the leaf's capabilities", async () => {
    const [client, provider] = await Promise.all([makeClient("bob"), generateSignatureKey()]);
    const said = { groups: [`im:mimi=#staff@${DOMAIN}`], workgroups: [roomUri(DOMAIN, "sales")] };
    const claims = await signUserClaims(provider, userOf(client), said);
    assert.deepEqual([claims.groups, claims.workgroups], [[STAFF], said.workgroups]);
    const leaf = leafOf(withClaims(client, claims).identity);
    assert.deepEqual((await memberOf(leaf, 0)).claims, claims);
    assert.ok(leaf.capabilities.extensions.includes(EXTENSION.userClaims));
    assert.equal("claims" in (await memberOf(leafOf(client.identity), 0)), false);
  });

  it("are not signed for more groups than a leaf may name, for another provider's, or for what is no group", async () => {
    const [client, provider] = await Promise.all([makeClient("bob"), generateSignatureKey()]);
    const sign = (groups: readonly string[]) =>
      signUserClaims(provider, userOf(client), { groups: [], workgroups: groups });
    const many = Array.from({ length: 17 }, (_, n) => roomUri(DOMAIN, `group ${n}`));
    await assert.rejects(sign(many), CodecError);
    assert.equal((await sign(many.slice(1))).workgroups.length, 16);
    await assert.rejects(sign([roomUri("other.example", "staff")]), { code: "badLeaf" });
    await assert.rejects(sign([userOf(client).userUri]), CodecError);
    await assert.rejects(sign(["staff"]), CodecError);
  });

  /** What is no claim of bob's, though bob puts it into his leaf. */
  const forgeries: Record<
    string,
    (bob: TestClient, honest: UserClaims, provider: CryptoKeyPair) => Promise<UserClaims>
  > = {
    "of another user": async (_bob, _honest, provider) =>
      signUserClaims(provider, userOf(await makeClient("alice")), { groups: [STAFF], workgroups: [] }),
    "of the same user ID under another user key": async (bob, _honest, provider) =>
      signUserClaims(
        provider,
        { ...userOf(bob), userKey: userOf(await makeClient("alice")).userKey },
        { groups: [STAFF], workgroups: [] },
      ),
    "with a group added": async (_bob, honest) => ({ ...honest, groups: [...honest.groups, roomUri(DOMAIN, "board")] }),
    "with a group moved among the workgroups": async (_bob, honest) => ({
      ...honest,
      groups: [],
      workgroups: honest.groups,
    }),
    "by another key, said to be the provider's": async (bob, honest) => ({
      ...(await signUserClaims(await generateSignatureKey(), userOf(bob), honest)),
      providerKey: honest.providerKey,
    }),
    "with a key that is none": async (_bob, honest) => ({ ...honest, providerKey: honest.providerKey.subarray(1) }),
    "with a signature that is none": async (_bob, honest) => ({ ...honest, signature: new Uint8Array() }),
  };
  for (const [title, forge] of Object.entries(forgeries)) {
    it(`make a leaf that nobody takes when they are claims ${title}`, async () => {
      const provider = await generateSignatureKey();
      const [bob, alice] = await Promise.all([makeClient("bob"), makeClient("alice")]);
      const honest = await signUserClaims(provider, userOf(bob), { groups: [STAFF], workgroups: [] });
      const forged = await forge(bob, honest, provider);
      await assert.rejects(memberOf(leafClaiming(bob, forged), 0), { code: "badBinding" });

      const group = await startGroup(alice, { hub: provider });
      const bundle = await makeGroupInfo(alice.crypto, group);
      const hub = await openPublicGroup(alice.crypto, bundle);
      const { seat: _, commit, ...own } = await join(withClaims(bob, forged), bundle);
      await assert.rejects(stage(alice.crypto, group, commit, []), { code: "badBinding" });
      await assert.rejects(stagePublic(alice.crypto, hub, commit, [], own), { code: "badBinding" });
    });
  }

  it("make a leaf that nobody takes when they are malformed, or name what is no group of the provider's", async () => {
    const [bob, provider] = await Promise.all([makeClient("bob"), generateSignatureKey()]);
    const honest = await signUserClaims(provider, userOf(bob), { groups: [STAFF], workgroups: [] });
    for (const wrong of [
      Uint8Array.of(0),
      Uint8Array.from([...encode(userClaims, honest), 0]),
      { ...honest, groups: ["staff"] },
      { ...honest, groups: [`im:mimi=#staff@${DOMAIN}`] },
      { ...honest, groups: [roomUri("other.example", "staff")] },
      { ...honest, workgroups: [userOf(bob).userUri] },
      { ...honest, workgroups: Array.from({ length: 17 }, () => STAFF) },
    ]) {
      await assert.rejects(memberOf(leafClaiming(bob, wrong), 0), { code: "badLeaf" });
    }
  });
});

/** A members-only room of guests, whose staff may come in as admins. */
function staffed(owner: TestClient): RoomPolicy {
  const { userUri } = userOf(owner);
  const policy = policyOf({ membershipStyle: "members_only" }, { owner: [userUri], admin: [] });
  const staff = {
    targetRole: "admin",
    preauthDomain: [],
    preauthWorkgroup: [],
    preauthGroup: [STAFF],
    preauthUser: [],
  } as const;
  return { ...policy, preAuthList: [...policy.preAuthList, staff] };
}

/** A room of alice's, whose external sender has the key of `provider`. */
async function open(provider: CryptoKeyPair) {
  const alice = await makeClient("alice");
  const group = await startGroup(alice, { hub: provider, roomPolicy: encode(roomPolicy, staffed(alice)) });
  const bundle = await makeGroupInfo(alice.crypto, group);
  return { alice, group, bundle, hub: await openPublicGroup(alice.crypto, bundle) };
}

type Room = Awaited<ReturnType<typeof open>>;

/** What `joiner` is told when it joins, by the member and by the hub, and the group that it would make. */
async function joins({ alice, group, bundle, hub }: Room, joiner: TestClient) {
  const { seat, commit, ...own } = await join(joiner, bundle);
  const staged = await stage(alice.crypto, group, commit, []);
  const published = await stagePublic(alice.crypto, hub, commit, [], own);
  assert.ok(staged.kind === "commit" && staged.next !== undefined && published.kind === "commit");
  const judge = (view: CommitView) => authorize(roomStateOf(view.before, ROOM, HUB), { kind: "commit", commit: view });
  const decision = judge(staged.view);
  assert.deepEqual(judge(published.view), decision);
  assert.deepEqual(viewPublicGroup(published.next).members, viewGroup(staged.next).members);
  return { decision, roles: [roleIn(staged.next, joiner), roleIn(seat.group, joiner)] };
}

const roleIn = (group: Group, client: TestClient) =>
  roleOf(roomStateOf(viewGroup(group), ROOM, HUB), userOf(client).userUri);

describe("a group whose external sender is the provider", () => {
  it("lets who claims to be of a listed group in, before members and hub, with the group's role", async () => {
    const provider = await generateSignatureKey();
    const [room, bob] = await Promise.all([open(provider), makeClient("bob")]);
    const claims = await signUserClaims(provider, userOf(bob), { groups: [STAFF], workgroups: [] });
    assert.deepEqual(await joins(room, bob), {
      decision: { allowed: false, rule: "5.4/not-admitted" },
      roles: ["regular_user", "regular_user"],
    });
    const { decision, roles } = await joins(room, withClaims(bob, claims));
    assert.deepEqual(decision, { allowed: true });
    assert.deepEqual(roles, ["admin", "admin"]);
  });

  it("is not moved by claims of another key, which a room with that key would take", async () => {
    const [provider, other] = await Promise.all([generateSignatureKey(), generateSignatureKey()]);
    const [room, elsewhere, bob] = await Promise.all([open(provider), open(other), makeClient("bob")]);
    const claims = await signUserClaims(other, userOf(bob), { groups: [STAFF], workgroups: [] });
    const claiming = withClaims(bob, claims);
    assert.deepEqual((await joins(room, claiming)).decision, { allowed: false, rule: "5.4/not-admitted" });
    assert.deepEqual((await joins(elsewhere, claiming)).decision, { allowed: true });
  });
});
