package io.sallyport.model.document;

/** A constant that documents spell in their own way; compared without regard to case. */
public interface ArmName {
    String armName();
}
