interface Named {
  readonly userUri: string;
  readonly nickname: string;
}

/**
 * The name of each user as it is shown: the nickname, and where two users call themselves alike a mark from the user's
 * own URI, which nobody can choose to share.
 */
export function displayNames(users: Iterable<Named>): ReadonlyMap<string, string> {
  const nicknames = new Map<string, string>();
  for (const { userUri, nickname } of users) nicknames.set(userUri, visible(nickname));
  const bearers = new Map<string, number>();
  for (const nickname of nicknames.values()) bearers.set(alike(nickname), (bearers.get(alike(nickname)) ?? 0) + 1);
  return new Map(
    [...nicknames].map(([userUri, nickname]) => {
      const shared = (bearers.get(alike(nickname)) ?? 0) > 1;
      return [userUri, shared || nickname === "" ? `${nickname} #${userUri.slice(-4)}`.trim() : nickname];
    }),
  );
}

/** A nickname of which there is something to see; else nothing. */
function visible(nickname: string): string {
  return inkOf(nickname) === "" ? "" : nickname;
}

/** Names that a reader takes for the same. */
function alike(nickname: string): string {
  return inkOf(nickname.normalize("NFKC")).toLowerCase();
}

/** What of a text leaves something on the screen: zero-width characters, fillers and blanks do not. */
function inkOf(text: string): string {
  return text.replace(/[\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800]/gu, "");
}
