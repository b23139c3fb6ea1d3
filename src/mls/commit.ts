import type { CommitView } from "../codec/group-view.js";
import type { Crypto } from "./crypto.js";
import type { Group } from "./group.js";
import { type CommitWish, makeCommit, type OwnCommit } from "./make-commit.js";
import { viewCommit } from "./room-view.js";

/** A commit of one's own in a room, made and not yet accepted. */
export interface StagedOwnCommit extends Omit<OwnCommit, "checked"> {
  readonly view: CommitView;
}

/** A member's commit in a room, for policy to judge: see {@link makeCommit}. */
export async function stageCommit(crypto: Crypto, group: Group, wish: CommitWish): Promise<StagedOwnCommit> {
  return withView(await makeCommit(crypto, group, wish));
}

export function withView({ checked, ...made }: OwnCommit): StagedOwnCommit {
  return { ...made, view: viewCommit(checked) };
}
