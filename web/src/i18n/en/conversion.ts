export const conversion = {};
