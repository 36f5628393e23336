// Package words counts words.
package words

import (
	"bufio"
	"io"
	"strings"
	"unicode"
)

// Count tells how often each word occurs.
func Count(r io.Reader) (map[string]int, error) {
	counts := map[string]int{}
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		for _, word := range strings.FieldsFunc(scanner.Text(), func(r rune) bool { return !unicode.IsLetter(r) }) {
			counts[word]++
		}
	}
	return counts, scanner.Err()
}
