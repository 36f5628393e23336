package ring_test

import (
	"slices"
	"testing"

	"example.org/ring"
)

func filled(capacity int, values ...int) *ring.Buffer[int] {
	b := ring.New[int](capacity)
	for _, value := range values {
		b.Add(value)
	}
	return b
}

func expect(t *testing.T, b *ring.Buffer[int], want ...int) {
	t.Helper()
	if got := b.Values(); !slices.Equal(got, want) || b.Len() != len(want) {
		t.Fatalf("got %v, len %d; want %v", got, b.Len(), want)
	}
}

func TestHiddenOrder(t *testing.T) {
	expect(t, filled(3, 1, 2, 3), 1, 2, 3)
	expect(t, filled(3, 1, 2, 3, 4), 2, 3, 4)
	expect(t, filled(3, 1, 2, 3, 4, 5, 6, 7, 8), 6, 7, 8)
	expect(t, filled(1, 1, 2), 2)
	expect(t, filled(2))
}

func TestHiddenGone(t *testing.T) {
	b := ring.New[int](2)
	for at, want := range []struct {
		value int
		was   bool
	}{{0, false}, {0, false}, {10, true}, {11, true}} {
		if value, was := b.Add(10 + at); value != want.value || was != want.was {
			t.Fatalf("add %d: %d %v", at, value, was)
		}
	}
}

func TestHiddenGrow(t *testing.T) {
	b := filled(3, 1, 2, 3, 4)
	b.Resize(5)
	expect(t, b, 2, 3, 4)
	b.Add(5)
	b.Add(6)
	b.Add(7)
	expect(t, b, 3, 4, 5, 6, 7)
}

func TestHiddenShrink(t *testing.T) {
	b := filled(4, 1, 2, 3, 4, 5)
	b.Resize(2)
	expect(t, b, 4, 5)
	if value, was := b.Add(6); value != 4 || !was {
		t.Fatalf("%d %v", value, was)
	}
	expect(t, b, 5, 6)
}

func TestHiddenSameSize(t *testing.T) {
	b := filled(3, 1, 2, 3, 4)
	b.Resize(3)
	expect(t, b, 2, 3, 4)
	b.Add(5)
	expect(t, b, 3, 4, 5)
}

func TestHiddenShrinkOfAFew(t *testing.T) {
	b := filled(5, 1, 2)
	b.Resize(3)
	b.Add(3)
	b.Add(4)
	expect(t, b, 2, 3, 4)
	if b.Cap() != 3 {
		t.Fatal(b.Cap())
	}
}

func TestHiddenCopy(t *testing.T) {
	b := filled(2, 1, 2)
	b.Values()[0] = 99
	expect(t, b, 1, 2)
	defer func() {
		if recover() == nil {
			t.Fatal("a capacity of 0 did not panic")
		}
		expect(t, b, 1, 2)
	}()
	b.Resize(0)
}
