package exports

import (
	"path"
	"regexp"
	"strings"
)

// Places is how many numbers of a name may be the one that counts parts: Cost Management writes part_0_0001.csv, Spark part-00000-ID-c000.parquet.
const Places = 3

// words are what a name consists of; counted is one that ends in a number, as those that count parts do. The words of a random id mostly do not.
var (
	words   = regexp.MustCompile(`[A-Za-z0-9]+`)
	counted = regexp.MustCompile(`^[A-Za-z]*[0-9]+$`)
)

// Series returns what the path of a file has in common with those of other parts that one job wrote: the path without one of the numbers in its
// name, for each of the last of these.
func Series(rel string) (all [Places]string) {
	folder, name := path.Split(rel)
	stem, _, _ := strings.Cut(name, ".")
	found := words.FindAllStringIndex(stem, -1)
	place := 0
	for i := len(found) - 1; i >= 0 && place < Places; i-- {
		start, end := found[i][0], found[i][1]
		if word := name[start:end]; counted.MatchString(word) {
			all[place] = folder + name[:start] + strings.TrimRight(word, "0123456789") + "#" + name[end:]
			place++
		}
	}
	for ; place < Places; place++ {
		all[place] = rel
	}
	return all
}
