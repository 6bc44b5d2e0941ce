echo 'version: 1' >one.yaml
echo 'include:' >>profile.yaml
i=1
while [ $i -le 64 ]; do
	echo '  - ./one.yaml' >>profile.yaml
	i=$((i + 1))
done
