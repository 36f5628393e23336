package ring

import (
	"slices"
	"testing"
)

func TestValuesOfABufferThatIsNotFull(t *testing.T) {
	b := New[int](3)
	b.Add(1)
	b.Add(2)
	if got := b.Values(); !slices.Equal(got, []int{1, 2}) {
		t.Fatalf("got %v", got)
	}
}

func TestMean(t *testing.T) {
	b := New[float64](2)
	for _, value := range []float64{9, 1, 2} {
		b.Add(value)
	}
	if got := Mean(b); got != 1.5 {
		t.Fatalf("got %v", got)
	}
}
