/**
 * The SelfRemove proposal type of the MLS extensions draft ("0x000a | self_remove" in its IANA considerations and the
 * registry). 0x0003 is Remove, whose body names a leaf; SelfRemove's is empty, its sender is who leaves.
 */
export const SELF_REMOVE = 0x000a;
