{
	printf '{"kind": "baseline", "version": 1, "x": "'
	head -c 1100000 /dev/zero | tr '\0' a
	echo '"}'
} >before.json
