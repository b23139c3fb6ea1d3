import { fromHex } from "../../../src/codec/bytes.js";
import { encode } from "../../../src/codec/tls.js";
import { epochAuthenticator } from "../../../src/mls/group.js";
import { epochOfMembers, makeConfirmationTag } from "../../../src/mls/key-schedule.js";
import { processMessage } from "../../../src/mls/process-message.js";
import type { PreSharedKey } from "../../../src/mls/psk.js";
import { verifyWithLabel } from "../../../src/mls/signing.js";
import { joinByWelcome, openWelcome } from "../../../src/mls/welcome.js";
import { groupInfoTBS } from "../../../src/mls/wire/group-context.js";
import { same, type VectorCheck, vectorCheck } from "./vector-check.js";
import { vectorCrypto as crypto } from "./vector-crypto.js";

/** Whole members: Welcomes, and those who join by one and follow commit after commit. */
export const memberVectorChecks: readonly VectorCheck[] = [
  vectorCheck<WelcomeVector>("Welcomes", "welcome.json", async (vector) => {
    const { info, memberSecret } = await openWelcome(crypto, {
      welcome: fromHex(vector.welcome),
      keyPackage: {
        message: fromHex(vector.key_package),
        privateParts: { initKey: fromHex(vector.init_priv), leafKey: new Uint8Array(0) },
      },
    });
    const tbs = encode(groupInfoTBS, info);
    const signed = await verifyWithLabel(fromHex(vector.signer_pub), "GroupInfoTBS", tbs, info.signature);
    same(signed, true, "signature");
    const { keys } = await epochOfMembers(crypto, memberSecret, info.groupContext);
    const tag = await makeConfirmationTag(crypto, keys, info.groupContext);
    same(tag, info.confirmationTag, "confirmation_tag");
  }),

  ...["passive-client-welcome.json", "passive-client-handling-commit.json"].map((file) =>
    vectorCheck<PassiveClient>(`members that join by a Welcome and follow commits (${file})`, file, follow),
  ),
];

async function follow(vector: PassiveClient): Promise<void> {
  const psks: PreSharedKey[] = vector.external_psks.map(({ psk_id, psk }) => ({
    id: { kind: "external", pskId: fromHex(psk_id), pskNonce: new Uint8Array(0) },
    secret: fromHex(psk),
  }));
  let group = await joinByWelcome(crypto, {
    welcome: fromHex(vector.welcome),
    keyPackage: {
      message: fromHex(vector.key_package),
      privateParts: { initKey: fromHex(vector.init_priv), leafKey: fromHex(vector.encryption_priv) },
    },
    psks,
    ...(vector.ratchet_tree === null ? {} : { ratchetTree: fromHex(vector.ratchet_tree) }),
  });
  same(epochAuthenticator(group), vector.initial_epoch_authenticator, "initial_epoch_authenticator");
  for (const { proposals, commit, epoch_authenticator: expected } of vector.epochs) {
    const processed = await processMessage(crypto, group, fromHex(commit), { pending: proposals.map(fromHex), psks });
    if (processed.kind !== "commit" || processed.next === undefined) throw new Error(`a ${processed.kind}, or removed`);
    group = processed.next;
    same(epochAuthenticator(group), expected, `epoch_authenticator of ${group.epoch}`);
  }
}

type WelcomeVector = Record<"init_priv" | "key_package" | "signer_pub" | "welcome", string>;

interface PassiveClient {
  readonly external_psks: readonly { readonly psk_id: string; readonly psk: string }[];
  readonly key_package: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly {
    readonly proposals: readonly string[];
    readonly commit: string;
    readonly epoch_authenticator: string;
  }[];
}
