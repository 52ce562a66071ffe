# SPDX-License-Identifier: GPL-2.0
# What the probes execute in each condition: data, picture and kernel come from run.
set terminal svg size 900,420 font "sans,13" background "white"
set output picture
set title "What the probes execute, in percent of all instructions, on Linux ".kernel noenhanced
set style data histogram
set style histogram clustered gap 1
set style fill solid 0.9 border -1
set ylabel "%"
set grid ytics
set key top left
set xtics noenhanced
plot data using 2:xtic(1) title "empty probes" lc rgb "#bbbbbb", \
	"" using 3 title "host process" lc rgb "#4477aa", \
	"" using 4 title "in a container" lc rgb "#ee8866", \
	"" using 5 title "nested, 3 deep" lc rgb "#aa3377"
