package twice

import "math"

// Limits of the verdict. What they rest on was measured on the samples, the generated exports and the cases of the tests, whole and split.
const (
	// falseAlarm bounds how probable it is that chance alone, splitting one delivery, looks like two deliveries in a month, whatever its keys
	// are like. The bound is for files of random size; files of a size fixed before make it some ten times that. A month in which keys repeat
	// so that chance could do it at all is rare, so this is a limit for thousands of years of months.
	falseAlarm = 1e-5
	// doubt is the same for what only makes a score provisional.
	doubt = 0.01
	// doubtOfWhole is the same where all of the smaller one is in the other: a file of one key, which may have it by chance as often as not, says
	// so, lest a few rows count twice in silence.
	doubtOfWhole = 0.5
	// leastShare of the rows of the smaller of two deliveries are of keys that the other has as well, where they have the same tenants and days.
	// Parts of generated exports have up to 0.06, two versions of a month 0.9 or more.
	leastShare = 0.5
	// glanceShare is the same for keys that lack a part. Parts of generated exports have up to 0.83 of these in common where they have 0.05 of whole
	// keys; two deliveries have nearly all, since a key without its resource is gone only with the last of them.
	glanceShare = 0.9
	// glanceRows is how many rows keys that lack a part may have in a file, on average: 1.3 in generated exports.
	glanceRows = 4
	// leastEqual of the keys in common stand equally often in two deliveries: rows that were added or dropped concern few keys.
	leastEqual = 0.9
	// mostCopies bounds how often a key stands in a month of two or three deliveries. Where rows have no day and keys stand more often, these may
	// be the weeks or the days of one delivery, a file for each.
	mostCopies = 3.5
	// certain is the negative logarithm of what is improbable enough not to happen on any day.
	certain = 14
	// rounding keeps exact halves on their side.
	rounding = 1e-9
)

// The verdicts.
type verdict int

const (
	different verdict = iota
	unknown
	twoDeliveries
)

// verdict weighs a pair. weight is its evidence, less the logarithm of the pairs that were looked at; whole tells that one of the two has no other
// keys than the other.
//
// How many keys it takes when two files of the same size hold the same keys, each once, by the files of the month:
//
//	                two files   8 files   64 files
//	passes up to    0           5         11
//	is provisional  1 to 16     6 to 21   12 to 27
//	is refused      from 17     from 22   from 28
//
// Beside a file of 30 keys a smaller one that holds 14 of them and nothing else is refused. What passes has no upper end: files pass with less than
// half of their rows in common, and where it is by chance that they share more. They are at most provisional where keys mostly stand twice
// or more in each file, unless a list of what was delivered says that they are of different runs.
func (p *pair) verdict(weight, share float64, whole bool, by limits, chosen bool) verdict {
	if share < by.share {
		return different
	}
	alike := float64(p.equal) >= leastEqual*float64(p.keys)
	once := p.complete || 2*p.once >= p.keys && (by.severalDays || float64(p.total) <= mostCopies*float64(p.keys))
	likely := weight >= -math.Log(doubt) || whole && p.equal == p.keys && weight >= -math.Log(doubtOfWhole)-rounding
	switch strong := weight >= -math.Log(falseAlarm); {
	case strong && alike && once:
		return twoDeliveries
	case strong, alike && likely && !chosen:
		return unknown
	default:
		return different
	}
}

// evidence is how improbable it is that so many keys stand equally often in both groups, if one delivery was split between them: the negative
// logarithm of a bound for it. Then each of the n rows of a key is in A with the probability of A's share of all rows, and an even n falls in
// equal halves with a probability that is known. A key says nothing if n is odd. Where one of the two is all of a run, nothing was split: then each
// key counts like a toss of a coin.
func (p *pair) evidence(a, b days) float64 {
	if p.complete {
		return float64(p.equal) * math.Ln2
	}
	var both side
	inA, inB := p.both(a, b, &both)
	var keys, equal, chance [len(byRows{})]float64
	var sumKeys, sumEqual float64
	of := float64(inA) / float64(inA+inB)
	chance[0] = 1
	for i := 1; i < len(keys); i++ {
		chance[i] = chance[i-1] * oneMore(i) * of * (1 - of)
		keys[i], equal[i] = float64(both.even[i]-p.evenAlone[i]+p.even[i]), float64(p.evenEqual[i])
		sumKeys += keys[i]
		sumEqual += equal[i]
	}
	return chernoff(keys[:], chance[:], sumKeys, sumEqual)
}

// both sums up what two groups have, and returns the rows of each. Days on which one of them has nothing are left out where chance would
// have given it something, on that day or on all of those before its first and after its last one: they are not of its time.
func (p *pair) both(a, b days, sum *side) (inA, inB int64) {
	for day, s := range a {
		if t := b[day]; t != nil {
			sum.add(s)
			sum.add(t)
			inA += s.rows
			inB += t.rows
		}
	}
	of := float64(inA) / float64(inA+inB)
	return inA + a.alone(b, -math.Log(of), sum), inB + b.alone(a, -math.Log(1-of), sum)
}

// alone adds the days on which only d has something and other may lack it by chance, and returns their rows. Each row makes that chance less
// probable, by a factor whose negative logarithm is returned.
func (d days) alone(other days, each float64, sum *side) (rows int64) {
	first, last := other.span()
	var outside int64
	for day, s := range d {
		if day < first || day > last {
			outside += s.rows
		}
	}
	for day, s := range d {
		beyond := (day < first || day > last) && float64(outside)*each >= certain
		if other[day] == nil && !beyond && float64(s.rows)*each < certain {
			sum.add(s)
			rows += s.rows
		}
	}
	return rows
}

// span is the first and the last day.
func (d days) span() (first, last int32) {
	first, last = math.MaxInt32, math.MinInt32
	for day := range d {
		first, last = min(first, day), max(last, day)
	}
	return first, last
}

// add adds the keys of another side.
func (s *side) add(other *side) {
	for i, n := range other.even {
		s.even[i] += n
	}
}

// oneMore is C(2i, i) by C(2i-2, i-1): with one row more in each half there are so many times as many ways to divide 2i rows.
func oneMore(i int) float64 { return 2 * float64(2*i-1) / float64(i) }

// chernoff bounds the probability of at least so many hits: the maximum over t of t × hits − Σ keys × log(1 − chance + chance × e^t). Returned is
// its negative logarithm, 0 where there are no more hits than expected.
func chernoff(keys, chance []float64, sumKeys, hits float64) float64 {
	expected := func(t float64) (sum float64) {
		for i, n := range keys {
			if n > 0 {
				sum += n / (1 + (1-chance[i])/chance[i]*math.Exp(-t))
			}
		}
		return sum
	}
	if hits <= expected(0) {
		return 0
	}
	bound := func(t float64) float64 {
		value := t * hits
		for i, n := range keys {
			if n > 0 {
				value -= n * (t + math.Log(chance[i]+(1-chance[i])*math.Exp(-t)))
			}
		}
		return value
	}
	low, high := 0.0, 50.0 // beyond, the bound does not change by anything that matters
	if hits >= sumKeys {
		low = high
	}
	for range 60 {
		if middle := (low + high) / 2; expected(middle) < hits {
			low = middle
		} else {
			high = middle
		}
	}
	return bound(low)
}
