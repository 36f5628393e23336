package ring

// Number is what can be averaged.
type Number interface{ ~int | ~int64 | ~float64 }

// Mean of the values; 0 when there is none.
func Mean[T Number](b *Buffer[T]) float64 {
	if b.Len() == 0 {
		return 0
	}
	var sum T
	for _, value := range b.Values() {
		sum += value
	}
	return float64(sum) / float64(b.Len())
}
