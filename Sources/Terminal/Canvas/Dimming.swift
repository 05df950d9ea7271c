extension Canvas {
    /// Takes the colour out of an area, so that what is drawn over it reads as modal.
    public mutating func dim(_ area: Rect, theme: Theme) {
        let look = theme[.overlayDim]
        restyle(area) { _ in look }
    }
}
