/**
 * The number of this code among all that was ever released. Raise it whenever tabs of two versions must not share a seat: a
 * migration was added (src/storage/migrations.ts), or what tabs say to each other changed (tab-message.ts).
 */
export const RELEASE = 2;
