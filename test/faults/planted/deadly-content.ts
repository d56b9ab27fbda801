/** The content that kills the worker which is made to die of it. */
export const DEADLY = "veneno mortal";
