/*
 * Orders to clients: "$3.data.id" is of what the third call gave, bytes are
 * {"base64": ...}; everything else is itself.
 */
export function meant(value, given) {
	if (typeof value === "string" && value.startsWith("$")) {
		const [n, ...path] = value.slice(1).split(".");

		return path.reduce((at, name) => at[name],
			given[Number(n) - 1].value);
	}
	if (Array.isArray(value))
		return value.map((v) => meant(v, given));
	if (value && typeof value === "object")
		return value.base64 ? Buffer.from(value.base64, "base64") :
			Object.fromEntries(Object.entries(value).map(
				([name, v]) => [name, meant(v, given)]));
	return value;
}
