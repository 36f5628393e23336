// Command words prints how often each word of its input occurs.
package main

import (
	"fmt"
	"os"

	"example.org/words"
)

func main() {
	counts, err := words.Count(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for word, count := range counts {
		fmt.Printf("%s %d\n", word, count)
	}
}
