/** Whether GitHub is asked to merge a pull request when all that it requires is there; we never merge by ourselves. */
export const mergePolicies = ['never', 'auto'] as const;

export type MergePolicy = (typeof mergePolicies)[number];
