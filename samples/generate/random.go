package main

import (
	"hash/fnv"
	"io"
)

// mix is the finalizer of splitmix64. Everything random in the samples is mix of the seed and of what the value
// belongs to (a tenant, a month, a row), so that a value does not depend on the order in which rows are written.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// hash folds parts into one number, order included.
func hash(parts ...uint64) uint64 {
	h := uint64(0)
	for _, p := range parts {
		h = mix(h ^ p)
	}
	return h
}

// hashText is FNV-1a of a text, mixed with a seed.
func hashText(seed uint64, text string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, text) // never fails
	return hash(seed, h.Sum64())
}

const hexDigits = "0123456789abcdef"

// appendGUID appends the GUID (version 4 in form) that belongs to a number.
func appendGUID(dst []byte, of uint64) []byte {
	halves := [2]uint64{mix(of), mix(of ^ 0x5851f42d4c957f2d)}
	for i := range 16 {
		b := byte(halves[i/8] >> (8 * (i % 8)))
		switch i {
		case 4, 10:
			dst = append(dst, '-')
		case 6:
			dst, b = append(dst, '-'), b&0x0f|0x40
		case 8:
			dst, b = append(dst, '-'), b&0x3f|0x80
		}
		dst = append(dst, hexDigits[b>>4], hexDigits[b&15])
	}
	return dst
}

func guid(of uint64) string { return string(appendGUID(nil, of)) }
