# one that is longer than formulas may be
printf '  kernel.a24: = 1' >>profile.yaml
for i in 0 1 2 3 4 5 6 7 8 9; do
	for j in 0 1 2 3 4 5 6 7 8 9; do
		printf ' + %d%d1234567' $i $j >>profile.yaml
	done
done
echo >>profile.yaml
