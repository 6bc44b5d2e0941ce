for i in 1 2 3 4 5 6 7 8; do
	printf 'version: 1\ninclude: [./%d.yaml]\n' $((i + 1)) >$i.yaml
done
echo 'version: 1' >9.yaml
